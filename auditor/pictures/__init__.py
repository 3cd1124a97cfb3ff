"""Image bytes -> what was seen in them. Nobody is ever recognised in a picture, and no pixel is kept."""
