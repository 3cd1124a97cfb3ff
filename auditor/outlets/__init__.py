"""What an address is: a shop, a campaign, a platform. Data, and pure lookups in it."""
