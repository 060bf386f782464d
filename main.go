// Command muster is a self-hosted, Slack-native incident bot.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"muster/bot"
	"muster/deploy"
)

var version = "dev" // set when a release is built

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c, err := root().ExecuteContextC(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(bot.Status(c.Name(), err))
	}
}

func root() *cobra.Command {
	root := &cobra.Command{
		Use:   "muster",
		Short: "A self-hosted, Slack-native incident bot",
		Long: "Muster opens the channel, calls the right people, runs the clock and keeps the record,\n" +
			"so that people can work on the fault. Try it without Slack: muster sandbox",
		SilenceUsage: true, SilenceErrors: true,
	}
	var local bot.SandboxOptions
	var drill bot.RehearseOptions
	root.AddCommand(
		command("run", "Connect to Slack and work", bot.RunHelp, cobra.NoArgs,
			func(c *cobra.Command, _ []string) error { return bot.Run(c.Context(), os.Getenv) }),
		flagged(local.Flags, command("sandbox", "Try Muster in a local Slack workspace, in the browser", "", cobra.NoArgs,
			func(c *cobra.Command, _ []string) error { return bot.Sandbox(c.Context(), local, c.OutOrStdout()) })),
		flagged(drill.Flags, command("rehearse [p0|p1|security|FILE]", "Run a scripted incident there, and report how it went", bot.RehearseHelp, cobra.MaximumNArgs(1),
			func(c *cobra.Command, a []string) error { return bot.Rehearse(c.Context(), a, drill, c.OutOrStdout()) })),
		command("check [FILE]", "Check a configuration, and do nothing else", "", cobra.MaximumNArgs(1),
			func(c *cobra.Command, args []string) error { return bot.Check(args, os.Getenv, c.OutOrStdout()) }),
		migrate(),
		command("manifest", "Print the manifest from which to create the Slack app", "", cobra.NoArgs,
			func(c *cobra.Command, _ []string) error { _, err := c.OutOrStdout().Write(deploy.Manifest); return err }),
		command("version", "Print the version", "", cobra.NoArgs,
			func(c *cobra.Command, _ []string) error {
				_, err := fmt.Fprintln(c.OutOrStdout(), "muster", version)
				return err
			}),
	)
	return root
}

func command(use, short, long string, args cobra.PositionalArgs, run func(*cobra.Command, []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Long: long, Args: args, RunE: run}
}

// flagged lets options add their flags to a command.
func flagged(add func(*pflag.FlagSet), c *cobra.Command) *cobra.Command {
	add(c.Flags())
	return c
}

func migrate() *cobra.Command {
	var team string
	c := command("migrate FROM TO", "Copy all of one store into another, which has to be empty",
		"Stop Muster first. FROM and TO are stores as in MUSTER_STORE.", cobra.ExactArgs(2),
		func(c *cobra.Command, a []string) error {
			return bot.Migrate(c.Context(), a[0], a[1], team, c.OutOrStdout())
		})
	c.Flags().StringVar(&team, "team", "", "the workspace's ID (T…), under which Redis keeps it")
	return c
}
