-- Vendors to try things with, in profiles local and test alone. What was changed by hand stays.

INSERT INTO TBL_VNDR_MSTR (VNDR_ID, VNDR_NM, ACTV_FLG, VRSN_KND_CD, DLY_QTA_NBR, CRE_DT) VALUES
    ('acme', 'Acme Tools GmbH', 'Y', 'SEQ', NULL, DATE '2019-03-01'),
    ('globex', 'Globex Corporation', 'Y', 'SEQ', 1000000000, DATE '2021-06-15'),
    ('initech', 'Initech LLC', 'Y', 'CLK', NULL, DATE '2022-01-10'),
    ('umbrella', 'Umbrella plc', 'N', 'SEQ', 50000, DATE '2018-11-30')
ON CONFLICT DO NOTHING;

INSERT INTO TBL_VNDR_ADR (VNDR_ID, ADR_SEQ_NBR, STRT_TXT, PST_CD, CTY_NM, CTRY_CD, PRIM_FLG) VALUES
    ('acme', 1, 'Werkstrasse 4', '70173', 'Stuttgart', 'DE', 'Y'),
    ('acme', 2, 'Hafenring 12', '20457', 'Hamburg', 'DE', 'N'),
    ('globex', 1, '1 Cypress Creek', '97477', 'Springfield', 'US', 'Y'),
    ('initech', 1, '4120 Freidrich Lane', '78744', 'Austin', 'US', 'Y'),
    ('umbrella', 1, '9 Raccoon Road', 'EC1A 1BB', 'London', 'GB', 'Y')
ON CONFLICT DO NOTHING;

INSERT INTO TBL_VNDR_CNTR (VNDR_ID, CNTR_NBR, EFF_DT, EXPR_DT) VALUES
    ('acme', 1, DATE '2019-03-01', DATE '2023-12-31'),
    ('acme', 2, DATE '2024-01-01', NULL),
    ('globex', 1, DATE '2021-07-01', NULL),
    ('initech', 1, DATE '2022-02-01', NULL),
    ('umbrella', 1, DATE '2018-12-01', NULL)
ON CONFLICT DO NOTHING;

INSERT INTO TBL_VNDR_QTA (VNDR_ID, CNTR_NBR, EFF_DT, EXPR_DT, DLY_QTA_NBR) VALUES
    ('globex', 1, DATE '2025-11-01', DATE '2025-12-31', 2000000000)
ON CONFLICT DO NOTHING;
