-- The login log is kept for a configurable time (VESTIBULE_LOG_RETENTION_DAYS): old lines are found by their date. Lines are appended in
-- the order of time, so a few bytes for each range of pages are enough.
create index logs_by_date on logs using brin (date);
