// What two verifiers of others say of a credential. A case comes in as JSON, `{credential, didUrl,
// documents}`; nothing is fetched: what is not among the documents, by address, is not found.
import process from 'node:process'

const parts = []
for await (const part of process.stdin) parts.push(part)
const { credential, didUrl, documents } = JSON.parse(Buffer.concat(parts).toString('utf8'))
const did = documents[didUrl]

// Before the verifiers are loaded, so that they find no other.
globalThis.fetch = async (asked) => {
  const found = documents[asked.url ?? String(asked)]
  const headers = { 'content-type': 'application/json' }
  return new Response(JSON.stringify(found ?? {}), { status: found ? 200 : 404, headers })
}

const vc = await import('@digitalbazaar/vc')
const { DataIntegrityProof } = await import('@digitalbazaar/data-integrity')
const { cryptosuite } = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite')
const { checkStatus } = await import('@digitalcredentials/vc-bitstring-status-list')
const { securityLoader } = await import('@digitalcredentials/security-document-loader')
const { verifyCredential } = await import('@digitalcredentials/verifier-core')

const contexts = securityLoader().build()

const documentLoader = async (url) => {
  if (url === did.id) return { documentUrl: url, document: did }
  if (documents[url]) return { documentUrl: url, document: documents[url] }
  if (!url.startsWith(`${did.id}#`)) return contexts(url)
  const method = did.verificationMethod.find((each) => each.id === url)
  if (!method) throw new Error(`no such key: ${url}`)
  const document = { '@context': 'https://w3id.org/security/multikey/v1', ...method }
  return { documentUrl: url, document }
}

const suite = new DataIntegrityProof({ cryptosuite })
const bazaar = await vc.verifyCredential({
  credential,
  suite,
  documentLoader,
  checkStatus: (options) =>
    checkStatus({ ...options, suite, documentLoader, verifyBitstringStatusListCredential: true })
})
const core = await verifyCredential({ credential, knownDIDRegistries: [] })
const step = (id) => core.log?.find((each) => each.id === id)?.valid ?? null
const checks = core.additionalInformation?.find((each) => each.id === 'schema_check')?.results ?? []

process.stdout.write(
  JSON.stringify({
    bazaar: bazaar.verified,
    core: step('valid_signature') ?? false,
    coreNotWithdrawn: step('revocation_status'),
    schema: checks.map((each) => each.result.valid),
    says: String(bazaar.error?.errors ?? bazaar.error ?? '') + JSON.stringify(core.errors ?? core.log)
  })
)
