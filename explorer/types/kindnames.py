"""What the kinds of item that come with the package are called: in keys, in files, by encoders.  Nothing else."""

TEXT = "text"
IMAGE = "image"
SOUND = "sound"
