"""The commands of `standfast`: each builds an act or asks a reading, and says plainly what came of it."""
