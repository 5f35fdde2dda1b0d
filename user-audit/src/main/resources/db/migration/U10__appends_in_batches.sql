-- Loses nothing: the hash as V6 left it.
DROP FUNCTION append_email_events;
-- The same bytes as EventHash, version 1.
CREATE OR REPLACE FUNCTION email_event_hash(of_user uuid, of_version bigint, of_event uuid, of_op "char", recorded timestamptz,
                                 valid timestamptz, of_address bytea, of_actor text, of_reason text, of_source text, previous bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256('\x01'::bytea || uuid_send(of_user) || int8send(of_version) || uuid_send(of_event) || charsend(of_op)
  || int8send((extract(epoch FROM recorded) * 1000000)::bigint) || int8send((extract(epoch FROM valid) * 1000000)::bigint)
  || CASE WHEN of_address IS NULL THEN int4send(-1) ELSE int4send(length(of_address)) || of_address END
  || int4send(octet_length(convert_to(of_actor, 'UTF8'))) || convert_to(of_actor, 'UTF8')
  || CASE WHEN of_reason IS NULL THEN int4send(-1)
          ELSE int4send(octet_length(convert_to(of_reason, 'UTF8'))) || convert_to(of_reason, 'UTF8') END
  || int4send(octet_length(convert_to(of_source, 'UTF8'))) || convert_to(of_source, 'UTF8')
  || previous);
