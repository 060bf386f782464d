package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"muster/deploy"
)

// Main runs the command that the process was started with, until it is told to
// stop, and returns the exit status.
func Main(version string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, err := root(version).ExecuteContextC(ctx)
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, err)
	return status(c.Name(), err)
}

// status returns the exit status of a command that failed: 1, but 2 for a
// rehearsal that says nothing about Muster, since it could not be played to its
// end.
func status(command string, err error) int {
	if _, played := errors.AsType[NotAsExpected](err); command == "rehearse" && !played {
		return 2
	}
	return 1
}

func root(version string) *cobra.Command {
	root := &cobra.Command{
		Use:   "muster",
		Short: "A self-hosted, Slack-native incident bot",
		Long: "Muster opens the channel, calls the right people, runs the clock and keeps the record,\n" +
			"so that people can work on the fault. Try it without Slack: muster sandbox",
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(
		runCommand(), sandboxCommand(), rehearseCommand(), checkCommand(), schemaCommand(), migrateCommand(),
		manifestCommand(), versionCommand(version),
	)
	return root
}

func runCommand() *cobra.Command {
	return &cobra.Command{
		Use: "run", Short: "Connect to Slack and work", Long: runHelp, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return Run(c.Context(), os.Getenv) },
	}
}

func sandboxCommand() *cobra.Command {
	var o SandboxOptions
	return withFlags(o.Flags, &cobra.Command{
		Use: "sandbox", Short: "Try Muster in a local Slack workspace, in the browser", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return Sandbox(c.Context(), o, c.OutOrStdout()) },
	})
}

func rehearseCommand() *cobra.Command {
	var o RehearseOptions
	return withFlags(o.Flags, &cobra.Command{
		Use: "rehearse [p0|p1|security|FILE]", Short: "Play a written incident there, and report how it went", Long: rehearseHelp,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return Rehearse(c.Context(), args, o, c.OutOrStdout()) },
	})
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check [FILE]", Short: "Check a configuration, and do nothing else", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return Check(args, os.Getenv, c.OutOrStdout()) },
	}
}

func migrateCommand() *cobra.Command {
	var team string
	c := &cobra.Command{
		Use: "migrate FROM TO", Short: "Copy all of one store into another, which has to be empty",
		Long: "Stop Muster first. FROM and TO are stores as in MUSTER_STORE; a Redis whose URL has no password\n" +
			"gets the one in MUSTER_STORE_PASSWORD, or in the file that MUSTER_STORE_PASSWORD_FILE names.",
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return Migrate(c.Context(), args[0], args[1], team, os.Getenv, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&team, "team", "", "the workspace's ID (T…), under which Redis keeps it")
	return c
}

func manifestCommand() *cobra.Command {
	return &cobra.Command{
		Use: "manifest", Short: "Print the manifest from which to create the Slack app", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(deploy.Manifest)
			return err
		},
	}
}

func versionCommand(version string) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "muster", version)
			return err
		},
	}
}

// withFlags lets options add their flags to a command.
func withFlags(add func(*pflag.FlagSet), c *cobra.Command) *cobra.Command {
	add(c.Flags())
	return c
}
