"""Rules as they are declared: their types, the requests in their bodies, and the request objects.

Knows: signatures, unions, the forms of a request, and what a body will ask for.
Does not know: who answers a request (`rulegraph`), when anything runs (`taskgraph`).
"""
