"""What is claimed of a device, in which document, and what shows that it is so.

A claim stands in the conformance statement (:mod:`.statement`), in an MDS2 form (:mod:`.mds2`) or
in the device profile; :mod:`.answers` gathers them for the head of the record. A topic
(:mod:`.topics`) is what one or several of them are about; :mod:`.facts` reads from the record what
was observed of it, and :mod:`harness.confrontation` puts both side by side.
"""
