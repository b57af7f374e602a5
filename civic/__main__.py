from civic.cli import civic

civic(prog_name="civic")
