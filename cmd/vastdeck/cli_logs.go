package main

import (
	"bufio"
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/tui/command"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
)

// logFlags are the flags of the verb logs.
type logFlags struct {
	verbFlags
	tail           int
	grep           string
	daemon, follow bool
}

func (a *app) logsCommand() *cobra.Command {
	var f logFlags
	c := &cobra.Command{
		Use:   "logs INSTANCE",
		Short: "Print the log of an instance",
		Long: "logs asks the machine for the last lines of what the container has printed, or with --daemon of\n" +
			"what the machine says about the container. --follow goes on: the API has no stream, so the\n" +
			"last lines are asked for every 12 seconds and what is new is printed; use a --tail that is\n" +
			"longer than what is printed meanwhile. For a line at a time: vastdeck ssh ID -- tail -F FILE.",
		Example:           "vastdeck logs 123456 --tail 50\nvastdeck logs trainer --follow\nvastdeck logs trainer --daemon",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: a.completeInstances,
		RunE: func(c *cobra.Command, args []string) error {
			if f.tail < 1 {
				return a.done(usagef("--tail must be at least 1"))
			}
			return a.onAccount(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.logs(ctx, args[0], f) })
		},
	}
	f.addProvider(c)
	l := c.Flags()
	l.IntVar(&f.tail, "tail", 1000, "so many lines from the end")
	l.StringVar(&f.grep, "filter", "", "only lines that contain this")
	l.BoolVar(&f.daemon, "daemon", false, "what the machine says about the container")
	l.BoolVarP(&f.follow, "follow", "f", false, "go on printing what is new")
	return c
}

func (k *account) logs(ctx context.Context, arg string, f logFlags) error {
	i, err := k.findInstance(ctx, arg)
	if err != nil {
		return err
	}
	opt := vastapi.LogOptions{Tail: f.tail, Filter: f.grep, Daemon: f.daemon}
	var log logview.Following
	if err := k.printLog(ctx, i.ID, opt, &log); err != nil || !f.follow {
		return err
	}
	for {
		if err := pauseFor(ctx, k.logsEvery()); err != nil {
			return err
		}
		err := k.printLog(ctx, i.ID, opt, &log)
		switch vastapi.KindOf(err) {
		case "":
			if err != nil {
				return err
			}
		case vastapi.KindTransport, vastapi.KindTimeout, vastapi.KindServer, vastapi.KindRateLimited, vastapi.KindPaused, vastapi.KindNotReady:
			k.log.Warn("the log could not be read this time", "err", err)
		default:
			return err
		}
	}
}

// logsEvery is how often a log is asked for while it is followed.
func (a *app) logsEvery() time.Duration {
	if a.pace.logs > 0 {
		return a.pace.logs
	}
	return command.EveryLogs
}

// printLog reads the log once and prints what is new in it.
func (k *account) printLog(ctx context.Context, id vastapi.InstanceID, opt vastapi.LogOptions, log *logview.Following) error {
	lines, err := k.api.RequestLogs(ctx, id, opt)
	if err != nil {
		return err
	}
	if n := lines.Dropped(); n > 0 {
		fmt.Fprintf(k.stderr, "vastdeck: %d older lines are more than can be held and are missing here.\n", n)
	}
	tail := make([]string, 0, lines.Len())
	for _, line := range lines.All() {
		tail = append(tail, line)
	}
	fresh, gap := log.Next(tail)
	if gap != "" {
		fmt.Fprintln(k.stderr, gap)
	}
	out := bufio.NewWriter(k.stdout)
	for _, line := range fresh {
		_, _ = out.WriteString(line + "\n")
	}
	return out.Flush()
}
