#ifndef FATHOM_CLI_CLI_H
#define FATHOM_CLI_CLI_H

/* The whole program: reads the arguments, does what they say, gives the exit status. */
int fm_cli_main(int argc, char **argv);

#endif
