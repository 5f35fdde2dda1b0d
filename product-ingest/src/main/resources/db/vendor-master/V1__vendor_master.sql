-- The vendor master as its DBAs run it: their names, their types, their conventions. In production they run these
-- scripts; this service reads. NM name, NBR number, CD code, DSC description, DT date, FLG 'Y' or 'N', QTA quota,
-- CNTR contract, ADR address, EFF effective from, EXPR expires after, ACTV active, CRE created, UPD updated.

CREATE TABLE TBL_CD_VRSN_KND (
    VRSN_KND_CD  char(3)       NOT NULL,
    VRSN_KND_DSC varchar(80)   NOT NULL,
    CONSTRAINT PK_CD_VRSN_KND PRIMARY KEY (VRSN_KND_CD)
);
COMMENT ON TABLE TBL_CD_VRSN_KND IS 'How a vendor numbers the versions of its products';

INSERT INTO TBL_CD_VRSN_KND (VRSN_KND_CD, VRSN_KND_DSC) VALUES
    ('SEQ', 'A number that rises by any amount with each change'),
    ('CLK', 'The time of the change in milliseconds since 1970-01-01T00:00:00Z');

CREATE TABLE TBL_VNDR_MSTR (
    VNDR_ID      varchar(32)   NOT NULL,
    VNDR_NM      varchar(120)  NOT NULL,
    ACTV_FLG     char(1)       NOT NULL DEFAULT 'Y',
    VRSN_KND_CD  char(3)       NOT NULL DEFAULT 'SEQ',
    DLY_QTA_NBR  numeric(12,0),
    CRE_DT       date          NOT NULL DEFAULT CURRENT_DATE,
    UPD_DT       date,
    UPD_USR_ID   varchar(30),
    CONSTRAINT PK_VNDR_MSTR PRIMARY KEY (VNDR_ID),
    CONSTRAINT FK_VNDR_MSTR_VRSN_KND FOREIGN KEY (VRSN_KND_CD) REFERENCES TBL_CD_VRSN_KND (VRSN_KND_CD),
    CONSTRAINT CK_VNDR_MSTR_ACTV_FLG CHECK (ACTV_FLG IN ('Y', 'N')),
    CONSTRAINT CK_VNDR_MSTR_DLY_QTA_NBR CHECK (DLY_QTA_NBR >= 0)
);
COMMENT ON TABLE TBL_VNDR_MSTR IS 'Whom we buy from';
COMMENT ON COLUMN TBL_VNDR_MSTR.DLY_QTA_NBR IS 'Messages a day, unless TBL_VNDR_QTA has another for the day; none: no limit';

CREATE TABLE TBL_VNDR_ADR (
    VNDR_ID      varchar(32)   NOT NULL,
    ADR_SEQ_NBR  smallint      NOT NULL,
    STRT_TXT     varchar(120)  NOT NULL,
    PST_CD       varchar(12)   NOT NULL,
    CTY_NM       varchar(80)   NOT NULL,
    CTRY_CD      char(2)       NOT NULL,
    PRIM_FLG     char(1)       NOT NULL DEFAULT 'N',
    CONSTRAINT PK_VNDR_ADR PRIMARY KEY (VNDR_ID, ADR_SEQ_NBR),
    CONSTRAINT FK_VNDR_ADR_VNDR_MSTR FOREIGN KEY (VNDR_ID) REFERENCES TBL_VNDR_MSTR (VNDR_ID),
    CONSTRAINT CK_VNDR_ADR_PRIM_FLG CHECK (PRIM_FLG IN ('Y', 'N'))
);
COMMENT ON TABLE TBL_VNDR_ADR IS 'Where a vendor can be reached';

CREATE TABLE TBL_VNDR_CNTR (
    VNDR_ID      varchar(32)   NOT NULL,
    CNTR_NBR     integer       NOT NULL,
    EFF_DT       date          NOT NULL,
    EXPR_DT      date,
    CONSTRAINT PK_VNDR_CNTR PRIMARY KEY (VNDR_ID, CNTR_NBR),
    CONSTRAINT FK_VNDR_CNTR_VNDR_MSTR FOREIGN KEY (VNDR_ID) REFERENCES TBL_VNDR_MSTR (VNDR_ID),
    CONSTRAINT CK_VNDR_CNTR_EXPR_DT CHECK (EXPR_DT >= EFF_DT)
);
COMMENT ON TABLE TBL_VNDR_CNTR IS 'Contracts; without one in effect a vendor is not active';
COMMENT ON COLUMN TBL_VNDR_CNTR.EXPR_DT IS 'Last day; none: until further notice';

CREATE TABLE TBL_VNDR_QTA (
    VNDR_ID      varchar(32)   NOT NULL,
    CNTR_NBR     integer       NOT NULL,
    EFF_DT       date          NOT NULL,
    EXPR_DT      date          NOT NULL,
    DLY_QTA_NBR  numeric(12,0) NOT NULL,
    CONSTRAINT PK_VNDR_QTA PRIMARY KEY (VNDR_ID, CNTR_NBR, EFF_DT),
    CONSTRAINT FK_VNDR_QTA_VNDR_CNTR FOREIGN KEY (VNDR_ID, CNTR_NBR) REFERENCES TBL_VNDR_CNTR (VNDR_ID, CNTR_NBR),
    CONSTRAINT CK_VNDR_QTA_EXPR_DT CHECK (EXPR_DT >= EFF_DT),
    CONSTRAINT CK_VNDR_QTA_DLY_QTA_NBR CHECK (DLY_QTA_NBR >= 0)
);
COMMENT ON TABLE TBL_VNDR_QTA IS 'Quotas that hold for a time, such as before a sale';

-- Where contracts or quotas overlap, the one that began last holds.
CREATE VIEW VW_ACTV_VNDR AS
SELECT V.VNDR_ID,
       C.CNTR_NBR,
       COALESCE(Q.DLY_QTA_NBR, V.DLY_QTA_NBR) AS DLY_QTA_NBR
  FROM TBL_VNDR_MSTR V
 CROSS JOIN LATERAL (SELECT CNTR_NBR
                       FROM TBL_VNDR_CNTR
                      WHERE VNDR_ID = V.VNDR_ID
                        AND CURRENT_DATE BETWEEN EFF_DT AND COALESCE(EXPR_DT, 'infinity')
                      ORDER BY EFF_DT DESC, CNTR_NBR DESC LIMIT 1) C
  LEFT JOIN LATERAL (SELECT DLY_QTA_NBR
                       FROM TBL_VNDR_QTA
                      WHERE VNDR_ID = V.VNDR_ID AND CNTR_NBR = C.CNTR_NBR
                        AND CURRENT_DATE BETWEEN EFF_DT AND EXPR_DT
                      ORDER BY EFF_DT DESC LIMIT 1) Q ON TRUE
 WHERE V.ACTV_FLG = 'Y';
COMMENT ON VIEW VW_ACTV_VNDR IS 'Vendors with a contract in effect today, and the quota that holds today';

GRANT SELECT ON TBL_CD_VRSN_KND, TBL_VNDR_MSTR, TBL_VNDR_ADR, TBL_VNDR_CNTR, TBL_VNDR_QTA, VW_ACTV_VNDR TO ${appRole};
