-- What is not whole yet can no longer be gone on with; it has an intent until that expires.
DROP TABLE resumable_upload;
