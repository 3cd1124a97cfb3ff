"""A person's look at themselves, as strangers see them. What is found belongs to the person alone."""
