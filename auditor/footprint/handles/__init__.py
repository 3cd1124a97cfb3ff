"""Where a handle answers: manifests that describe sites, and what the answers of sites are worth. Pure."""
