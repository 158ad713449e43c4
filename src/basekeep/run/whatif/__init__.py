"""What-ifs: assumptions of the playbook followed line by line, over ranges, and drawn. Reads no subscriber."""
