/** Name of the index of jobs on (team, sequence). */
export const TEAM_INDEX = 'byTeam';

/** Name of the index on (team, id). */
export const PROCEDURE_ID_INDEX = 'byId';

/** An index on (team, procedure, primaryKey), which finds processes by their primary key. */
export const PRIMARY_KEY_INDEX = 'byPrimaryKey';

/** How the partition keys of the places of waiting requests begin in the Jobs table; read-job may write no others. */
export const WAITING_PREFIX = 'waiting#';

/** The partition keys of announced creates begin so, in the table of the jobs. */
export const ANNOUNCEMENT_PREFIX = 'creates#';

/** The partition keys of the places of a team's file jobs begin so, in the table of the jobs. */
export const FILE_QUEUE_PREFIX = 'files#';
