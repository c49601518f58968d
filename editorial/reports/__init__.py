"""Reports by readers without an account: the public form, and the address that tells what became of one."""
