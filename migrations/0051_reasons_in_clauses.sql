-- Why a timetable was refused or could not be processed, in clauses with a code and values: the console writes the reason
-- in the language of the reader. Null for uploads that are older.
alter table timetable_uploads add column error_clauses jsonb;
