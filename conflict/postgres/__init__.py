"""PostgreSQL: the embedded server used when none is given, and the roles that bound what each side may do."""
