package main

import (
	"bufio"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/tui/command"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
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
			switch {
			case f.tail < 1:
				return a.done(usagef("--tail must be at least 1"))
			case f.json && f.follow:
				return a.done(usagef("--json prints one document and --follow has no end: leave one of them out"))
			}
			return a.reading(c, &f.verbFlags, func(ctx context.Context, k *account) error { return k.logs(ctx, args[0], f) })
		},
	}
	f.addProvider(c)
	f.addJSON(c)
	f.addNoPlan(c)
	l := c.Flags()
	l.IntVar(&f.tail, "tail", 1000, "the last `N` lines")
	l.StringVar(&f.grep, "filter", "", "only lines that contain `TEXT`")
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
	if f.json {
		return k.logData(ctx, i, opt, f)
	}
	var log logview.Following
	lines, err := k.printLog(ctx, i.ID, opt, &log)
	if err != nil {
		return err
	}
	if lines == 0 {
		fmt.Fprintln(k.stderr, "vastdeck: "+emptyLog(i, f))
	}
	if !f.follow {
		return nil
	}
	for {
		if err := pauseFor(ctx, k.logsEvery()); err != nil {
			return err
		}
		_, err := k.printLog(ctx, i.ID, opt, &log)
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

// logJSON is the end of a log as data.
type logJSON struct {
	Version  int      `json:"version"`
	Provider string   `json:"provider"`
	Instance int64    `json:"instance"`
	Source   string   `json:"source"` // "container" or "daemon"
	Lines    []string `json:"lines"`  // the oldest first, inert
	// Missing is how many older lines were more than can be held.
	Missing int `json:"missing,omitempty"`
	// EmptyBecause is a sentence that says why there is no line.
	EmptyBecause string `json:"empty_because,omitempty"`
}

// logData reads the log once and prints it as data.
func (k *account) logData(ctx context.Context, i *vastapi.Instance, opt vastapi.LogOptions, f logFlags) error {
	read, err := k.api.RequestLogs(ctx, i.ID, opt)
	if err != nil {
		return err
	}
	out := logJSON{Version: schemaVersion, Provider: onlyProvider, Instance: int64(i.ID), Source: "container", Lines: linesOf(read), Missing: read.Dropped()}
	if f.daemon {
		out.Source = "daemon"
	}
	if len(out.Lines) == 0 {
		out.EmptyBecause = capital(emptyLog(i, f))
	}
	return printJSON(k.stdout, out)
}

// linesOf are the lines of a log.
func linesOf(read *safetext.Lines) []string {
	list := make([]string, 0, read.Len())
	for _, line := range read.All() {
		list = append(list, line)
	}
	return list
}

// logsEvery is how often a log is asked for while it is followed.
func (a *app) logsEvery() time.Duration {
	if a.pace.logs > 0 {
		return a.pace.logs
	}
	return command.EveryLogs
}

// emptyLog says that there was nothing to print, and what may tell more.
func emptyLog(i *vastapi.Instance, f logFlags) string {
	switch is := strings.ToLower(rental.Display(*i).Word); {
	case f.grep != "":
		return fmt.Sprintf("none of the last %d lines contains %s.", f.tail, safetext.Quote(f.grep, 40))
	case f.daemon:
		return fmt.Sprintf("instance %s is %s: its machine has said nothing about it.", i.ID, is)
	case is == "running":
		return fmt.Sprintf("instance %s has printed nothing yet.", i.ID)
	default:
		return fmt.Sprintf("instance %s is %s and has printed nothing: --daemon prints what its machine says about it.", i.ID, is)
	}
}

// printLog reads the log once and prints what is new in it. lines is how many there are.
func (k *account) printLog(ctx context.Context, id vastapi.InstanceID, opt vastapi.LogOptions, log *logview.Following) (lines int, err error) {
	read, err := k.api.RequestLogs(ctx, id, opt)
	if err != nil {
		return 0, err
	}
	if n := read.Dropped(); n > 0 {
		fmt.Fprintf(k.stderr, "vastdeck: %d older lines are more than can be held and are missing here.\n", n)
	}
	fresh, gap := log.Next(linesOf(read))
	if gap != "" {
		fmt.Fprintln(k.stderr, gap)
	}
	out := bufio.NewWriter(k.stdout)
	for _, line := range fresh {
		_, _ = out.WriteString(line + "\n")
	}
	return read.Len(), out.Flush()
}
