/* The functions behind the table of subcommands, each in heed-command-<name>.c. */
#pragma once

/* @argv[0] is the subcommand. Return: an exit status of heed-command.h */
int heed_command_bench (int argc, char **argv);
int heed_command_checkpoints (int argc, char **argv);
int heed_command_convert (int argc, char **argv);
int heed_command_describe (int argc, char **argv);
int heed_command_entail (int argc, char **argv);
int heed_command_evaluate (int argc, char **argv);
int heed_command_inspect (int argc, char **argv);
int heed_command_render (int argc, char **argv);
int heed_command_summarize (int argc, char **argv);
int heed_command_transcribe (int argc, char **argv);
int heed_command_translate (int argc, char **argv);

/* Behind `heed bench`; @argv[0] is the bench. */
int heed_bench_decode (int argc, char **argv);
int heed_bench_describe (int argc, char **argv);
int heed_bench_entail (int argc, char **argv);
int heed_bench_summarize (int argc, char **argv);
int heed_bench_transcribe (int argc, char **argv);
int heed_bench_timeline (int argc, char **argv);
int heed_bench_typing (int argc, char **argv);
