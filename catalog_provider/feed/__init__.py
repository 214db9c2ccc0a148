"""What has changed, for whoever asks: versions of the catalog, current health, and streams of both.

Nothing is queued for a reader. A reader holds a position (a version, a sequence number), is woken
when there is more, and asks for what came after its position. A slow one thus gets fewer and larger
answers, costs no memory, and holds nobody up.
"""
