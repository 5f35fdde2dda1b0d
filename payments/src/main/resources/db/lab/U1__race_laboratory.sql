DROP TABLE lab_account;
