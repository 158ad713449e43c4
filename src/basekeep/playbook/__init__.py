"""YAML to frozen declarations: the expression language, segments, scorecards, the shipped playbook."""
