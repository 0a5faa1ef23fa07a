"""The program that runs processes outside the kernel, and ends all of each.

    supervisor    for each socket it is sent, forks a
    └── warden    which serves one process at a time
        └── the process, in a session of its own, and whatever it leaves behind

A warden is the subreaper of what it starts: a daemon that left its group, its session and its
parent becomes the warden's child, and a warden without children has left nothing behind. When a
socket ends, since the kernel closed it or died, its warden ends its process and goes; when all
are gone, the supervisor removes the folder of their sandboxes and goes, too.

Why not from the kernel itself: it has threads and may be big, so it should not fork; a process
that dies of SIGKILL ends nothing; PR_SET_PDEATHSIG fires when the thread that started the child
ends; and a kernel that is a subreaper inherits orphans that are not wfnb's.

Knows: how to start, watch and end one process; how to remove a folder.
Does not know: wfnb. It runs as a package of its own, so that it starts in a few milliseconds: it
    imports the standard library, and itself by relative imports. It inherits nothing of the
    kernel's environment.
Holds: one thread in each process. Nothing is written to disk here but the removal of folders.

Without Linux there is no subreaper: a process that left the group of its leader is not found.
"""
