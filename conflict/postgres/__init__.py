"""PostgreSQL: the embedded server used by default, and the roles that limit each side's privileges."""
