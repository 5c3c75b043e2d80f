-- Who may do what, in a new database. Passwords come from the environment (.env).
--   wadi    reads the sources and follows the log (polls, change capture), and writes what analytics holds of gold
--   reader  reads
--   writer  reads, and changes rows of the sources
--   admin   owns schemas and tables
\getenv wadi_password POSTGRES_WADI_PASSWORD
\getenv reader_password POSTGRES_READER_PASSWORD
\getenv writer_password POSTGRES_WRITER_PASSWORD
\getenv admin_password POSTGRES_ADMIN_PASSWORD

CREATE ROLE wadi LOGIN REPLICATION PASSWORD :'wadi_password';
CREATE ROLE reader LOGIN PASSWORD :'reader_password';
CREATE ROLE writer LOGIN PASSWORD :'writer_password';
CREATE ROLE admin LOGIN PASSWORD :'admin_password';

REVOKE ALL ON DATABASE wadi FROM PUBLIC;
GRANT CONNECT ON DATABASE wadi TO wadi, reader, writer, admin;
GRANT CREATE ON DATABASE wadi TO admin;
