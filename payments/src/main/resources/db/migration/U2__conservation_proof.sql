DROP TABLE proof_mark;
