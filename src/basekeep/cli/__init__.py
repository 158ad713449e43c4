"""The command line shell: what people type and what they see."""
