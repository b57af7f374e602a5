// Builds static/shared: two style sheets, two cuts of Titillium, icons, pictures, favicon; and for the scanner at
// the gate its service worker and the pictures under which it is installed.
import { readFile, writeFile, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as sass from 'sass';
import postcss from 'postcss';
import cssnano from 'cssnano';
import rtlcss from 'rtlcss';
import { PurgeCSS } from 'purgecss';
import subsetFont from 'subset-font';
import { optimize } from 'svgo';
import { build as bundle } from 'esbuild';
import { Resvg, initWasm } from '@resvg/resvg-wasm';

const here = fileURLToPath(new URL('.', import.meta.url));
const project = join(here, '..');
const out = join(project, 'static', 'shared');
const scanner = join(project, 'static', 'attendance', 'scanner');
const modules = join(here, 'node_modules');
const italia = join(modules, 'bootstrap-italia');

// Italian, French and English need the first cut; the second is fetched only by a name such as Šarić or Yılmaz.
const cuts = [
  { suffix: '', text: 'U+20-7E,U+A0-FF,U+152-153,U+2010-2014,U+2018-201E,U+2022,U+2026,U+2039-203A,U+20AC' },
  { suffix: '-ext', text: 'U+100-151,U+154-17F,U+218-21B' },
];
// Letters alone: the digits, spaces and full stops of an Arabic page must not fetch a Latin font.
const lettersOfFirstCut = 'U+41-5A,U+61-7A,U+C0-D6,U+D8-F6,U+F8-FF,U+152-153';
const weights = [400, 700];

// Class names that templates put together from a value, and what the framework's own version check reads.
const safelist = {
  standard: [/^area-(green|care|territory)$/],
  variables: ['--bootstrap-italia-version', '--area', '--area-ground'],
};

// Tags and types that WTForms writes, so that no template names them.
const writtenByForms = 'input select option optgroup textarea checkbox radio text file label disabled';

async function filesUnder(folder, ending) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function sources() {
  const names = [
    ...(await filesUnder(join(project, 'templates'), '.html')),
    // A decoder's variables are named `row` and `table`: they are no classes.
    ...(await filesUnder(join(project, 'static'), '.js')).filter((name) => !/(jsqr|leaflet|scanner\/worker)\.js$/.test(name)),
  ];
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(name, 'utf8') })));
}

function compiled(entry) {
  const { css } = sass.compile(join(here, 'scss', entry), {
    loadPaths: [modules],
    quietDeps: true,
    silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'],
  });
  // Sass opens with a byte-order mark or @charset, which would spoil the first rule of whatever follows.
  return css.replace(/^\uFEFF/, '').replace(/^@charset "[^"]*";\s*/, '');
}

async function purged(css, pages) {
  const [{ css: kept }] = await new PurgeCSS().purge({
    content: [writtenByForms, ...pages.map(({ text }) => text)].map((raw) => ({ raw, extension: 'html' })),
    css: [{ raw: css }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    keyframes: true,
    variables: true,
    safelist,
  });
  return kept;
}

// Addresses hold the first twelve digits of the content's SHA-256, as civic/web/static.py serves them for ever.
const fontFace = ({ weight, suffix, bytes }, range) =>
  `@font-face{font-family:"Titillium Web";font-style:normal;font-weight:${weight};font-display:swap;` +
  `src:url(../../${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}/shared/titillium-${weight}${suffix}.woff2)` +
  ` format("woff2");unicode-range:${range}}`;

async function minified(css) {
  const preset = ['default', { discardComments: { removeAll: true }, svgo: false }];
  return (await postcss([cssnano({ preset })]).process(css, { from: undefined })).css;
}

async function styleSheets(pages, fonts) {
  const kept = await purged(compiled('civic.scss'), pages);
  const mirrored = rtlcss.process(kept);
  const rtlOnly = await purged(compiled('rtl.scss'), pages);
  const faces = fonts.map((font) => fontFace(font, font.text)).join('');
  const letterFaces = fonts.map((font) => fontFace(font, font.suffix ? font.text : lettersOfFirstCut)).join('');
  await save('civic.css', await minified(faces + kept));
  await save('civic.rtl.css', await minified(letterFaces + mirrored + rtlOnly));
}

function lettersOf(ranges) {
  return ranges
    .split(',')
    .map((range) => {
      const [first, last = first] = range.slice(2).split('-');
      const start = parseInt(first, 16);
      return Array.from({ length: parseInt(last, 16) - start + 1 }, (_, step) => String.fromCodePoint(start + step)).join('');
    })
    .join('');
}

async function cutFonts() {
  const folder = join(italia, 'dist', 'fonts', 'Titillium_Web');
  const fonts = [];
  for (const weight of weights) {
    const whole = await readFile(join(folder, `titillium-web-v10-latin-ext_latin-${weight === 400 ? 'regular' : weight}.ttf`));
    for (const cut of cuts) {
      const options = { targetFormat: 'woff2', keepFeatures: ['kern', 'mark', 'ccmp', 'locl'] };
      const bytes = await subsetFont(whole, lettersOf(cut.text), options);
      await save(`titillium-${weight}${cut.suffix}.woff2`, bytes);
      fonts.push({ ...cut, weight, bytes });
    }
  }
  // Written, not copied: the original is marked executable.
  await writeFile(join(out, 'titillium-OFL.txt'), await readFile(join(folder, 'OFL.txt')));
  return fonts;
}

function tidied(svg) {
  return optimize(svg, { multipass: true, plugins: [{ name: 'preset-default', params: { overrides: { cleanupIds: false } } }] }).data;
}

function symbol(id, svg) {
  const viewBox = svg.match(/viewBox="([^"]+)"/)[1];
  const inside = tidied(svg).replace(/^<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '');
  return `<symbol id="${id}" viewBox="${viewBox}">${inside}</symbol>`;
}

const sheet = (symbols) => `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`;

async function drawn(folder) {
  const names = await filesUnder(join(here, 'drawings', folder), '.svg');
  return Promise.all(names.map(async (name) => symbol(basename(name, '.svg'), await readFile(name, 'utf8'))));
}

async function pictures(pages) {
  const used = new Set(pages.flatMap(({ text }) => [...text.matchAll(/['"](it-[a-z0-9-]+)['"]/g)].map((found) => found[1])));
  const icons = await Promise.all(
    [...used].sort().map(async (name) => {
      const svg = await readFile(join(italia, 'src', 'svg', `${name}.svg`), 'utf8').catch(() => {
        throw new Error(`Bootstrap Italia has no icon "${name}": correct the name in the template that asks for it.`);
      });
      return symbol(name, svg);
    }),
  );
  await save('icons.svg', sheet([...(await drawn('marks')), ...icons]));
  await save('pictures.svg', sheet(await drawn('pictures')));
  await save('favicon.svg', `${tidied(await readFile(join(here, 'drawings', 'favicon.svg'), 'utf8'))}\n`);
}

async function scannerWorker() {
  const { outputFiles } = await bundle({
    entryPoints: [join(here, 'scanner', 'worker.js')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    banner: { js: '/* Workbox, MIT: workbox-LICENSE.txt. Source: assets/scanner/worker.js */' },
  });
  await save('worker.js', outputFiles[0].contents, scanner);
  await save('workbox-LICENSE.txt', await readFile(join(modules, 'workbox-core', 'LICENSE')), scanner);
}

// A phone cuts the maskable one to its own shape: its ground reaches the edges, its sign keeps away from them.
async function homeScreenIcons() {
  await initWasm(await readFile(join(modules, '@resvg', 'resvg-wasm', 'index_bg.wasm')));
  const whole = await readFile(join(here, 'drawings', 'favicon.svg'), 'utf8');
  const maskable = whole.replace('rx="7" ', '').replace(/viewBox="[^"]+"/, 'viewBox="-4 -4 40 40"').replace('<rect width="32" height="32"', '<rect x="-4" y="-4" width="40" height="40"');
  const drawn = (svg, width) => new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();
  for (const width of [192, 512]) await save(`icon-${width}.png`, drawn(whole, width), scanner);
  await save('icon-maskable-512.png', drawn(maskable, 512), scanner);
}

async function save(name, content, folder = out) {
  const bytes = Buffer.from(content);
  await writeFile(join(folder, name), bytes);
  const sent = /\.(woff2|png)$/.test(name) ? bytes.length : gzipSync(bytes).length;
  console.log(`${name.padEnd(20)} ${String(bytes.length).padStart(7)} bytes, ${String(sent).padStart(6)} sent`);
}

await mkdir(out, { recursive: true });
await mkdir(scanner, { recursive: true });
const pages = await sources();
await styleSheets(pages, await cutFonts());
await pictures(pages);
await scannerWorker();
await homeScreenIcons();
