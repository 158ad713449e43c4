"""Reference pages made from the code: the playbook, the tables, the commands. Reads declarations, never data."""
