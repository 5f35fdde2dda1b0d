-- Who refers to an image once more does so anew, so that what comes late of an earlier end of the owner leaves the reference.
GRANT UPDATE (attached_at) ON media_ref TO ${appRole};
