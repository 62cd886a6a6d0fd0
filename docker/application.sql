-- Run by the postgres image once, when the volume is new, as its superuser: the login of the server and its roles.
-- It harms nothing to run it again; with another password it changes the password.
\getenv password APPLICATION_PASSWORD

SELECT format('CREATE ROLE %I %s', name, login)
FROM (VALUES ('sayso_outsider', 'NOLOGIN'), ('sayso_writer', 'NOLOGIN'), ('sayso_app', 'LOGIN')) AS role(name, login)
WHERE name NOT IN (SELECT rolname FROM pg_roles)
\gexec

ALTER ROLE sayso_app NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
GRANT sayso_writer TO sayso_app WITH INHERIT TRUE, SET TRUE;
GRANT sayso_outsider TO sayso_app WITH INHERIT FALSE, SET TRUE;
