from civic.cli.commands import civic

civic(prog_name="civic")
