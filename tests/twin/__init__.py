"""The demand side a second time, written to be read: one SimPy process a user.

In: when the doors are open, and what one user of a segment is like. Out: how many users are in each state
at given times. Nothing of `sim` is imported here: no law, no clock, no closed form is shared with what the
twin is there to check. It is slow, and meant to be.

`people` has users who decide each for themselves. `world` has users of several segments who act on each other
(`resident`), as their `manners` say: they follow friends, try rivals, believe what is announced, stand at the
door.
"""
