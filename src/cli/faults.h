#ifndef FATHOM_CLI_FAULTS_H
#define FATHOM_CLI_FAULTS_H

struct fm_report;

/*
 * Say on stderr what kept trials from being graded, the commonest first: how many, the outcome, and
 * what the endpoint said the first time. At most three kinds; the rest is counted.
 */
void fm_faults_say(const struct fm_report *report);

#endif
