package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/vastapi"
)

// version is set by the linker.
var version = "devel"

// The exit codes of the program.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitNoLogin  = 3
	exitRefused  = 4
	exitUnknown  = 5
	exitInterupt = 130
)

func main() { os.Exit(run(os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)) }

// run carries out one command line and returns the exit code.
func run(args []string, getenv func(string) string, stdin, stdout, stderr *os.File) int {
	return (&app{getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}).run(args)
}

// run carries out one command line and returns the exit code.
func (a *app) run(args []string) int {
	a.args = args
	a.registryPassword = takeRegistryPassword(a.getenv)
	root := a.command()
	explainCompletion(root)
	root.SetArgs(asHelp(args))
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := fang.Execute(context.Background(), root, fang.WithVersion(version), fang.WithoutManpage(), fang.WithErrorHandler(
		func(_ io.Writer, _ fang.Styles, err error) { a.fail(err) }))
	if err != nil {
		return exitCode(err)
	}
	return a.code
}

// done notes how a verb ended. Its error is said here and not returned, because
// fang asks the terminal for its colours before it shows one.
func (a *app) done(err error) error {
	if text := a.taping.end(); text != "" {
		_, _ = fmt.Fprintln(a.stderr, "vastdeck: "+text)
	}
	if err != nil {
		a.fail(err)
		a.code = exitCode(err)
	}
	return nil
}

// exitError ends the program with a code. Without text nothing more is said.
type exitError struct {
	code int
	text string
}

func (e *exitError) Error() string { return e.text }

func exitCode(err error) int {
	var e *exitError
	var api *vastapi.Error
	var killed *signalled
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &e):
		return e.code
	case errors.As(err, &killed):
		return killed.code()
	case cancelled(err):
		return exitInterupt
	case errors.As(err, &api) && (api.Kind == vastapi.KindReadOnly || api.Kind == vastapi.KindRights):
		return exitRefused
	case errors.As(err, &api) && api.Kind == vastapi.KindAuth:
		return exitNoLogin
	case errors.As(err, &api):
		return exitFailed
	}
	return exitUsage
}

// say prints an error as one sentence on stderr: what went wrong and, from the
// error itself, what to do next.
func (a *app) say(w io.Writer, err error) {
	text := saidOf(err)
	if text == "" {
		return
	}
	var known *exitError
	var mistake *store.SettingsError
	switch {
	case errors.As(err, &mistake): // its place and its reason are all there is to know
		text = ended(text)
	case exitCode(err) == exitUsage && !errors.As(err, &known):
		text = ended(text) + " See `vastdeck --help`."
	}
	if !strings.HasPrefix(text, "vastdeck ") {
		text = "vastdeck: " + text
	}
	fmt.Fprintln(w, text)
}

// ended gives text a full stop, once.
func ended(text string) string { return strings.TrimRight(text, ". ") + "." }

// command is the command line: the bare command is the full-screen program.
func (a *app) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "vastdeck",
		Short: "Rent GPUs on Vast.ai from the keyboard",
		Long: "vastdeck is a full-screen program to browse the Vast.ai market, rent, watch, stop and destroy.\n" +
			"Every change is shown with its cost and asked about before anything is sent.",
		Example:       "vastdeck --demo        # everything, against a built-in simulator\nvastdeck login         # keep an API key in the system's keyring\nvastdeck               # the full-screen program",
		Args:          onlyVerbs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(*cobra.Command, []string) error { return a.done(a.fullScreen()) },
	}
	f := root.PersistentFlags()
	f.StringVar(&a.opt.url, "url", "", "base `URL` of the API; https, or http on this machine (default: VAST_URL, then "+vastapi.DefaultBaseURL+")")
	f.StringVar(&a.opt.profile, "profile", usualProfile, "the `NAME` of the profile: which account's key, journal and state are used")
	f.BoolVar(&a.opt.readOnly, "read-only", false, "refuse every request that changes something (also: VASTDECK_READ_ONLY, or read_only in config.toml)")
	f.StringVar(&a.opt.keyFile, "api-key-file", "", "read the API key from this `FILE`")
	f.BoolVar(&a.opt.keyStdin, "api-key-stdin", false, "read the API key from standard input")
	f.StringVar(&a.opt.logFile, "log", "", "write the log to this `FILE`, not to the state folder")
	f.BoolVar(&a.opt.demo, "demo", false, "run against the built-in simulator: no account, no key, no network")
	f.Int64Var(&a.opt.demoSeed, "demo-seed", 1, "which simulated world, a number `N`")
	f.Float64Var(&a.opt.demoSpeed, "demo-speed", 1, "`N` simulated seconds in a real one")
	f.IntVar(&a.opt.demoOffers, "demo-offers", 2000, "`N` offers in the simulated market")
	f.BoolVar(&a.opt.demoQuiet, "demo-quiet", false, "the simulated market does not move")
	f.BoolVar(&a.opt.demoTroubles, "demo-troubles", false, "something is wrong with half of the simulated instances")
	f.StringArrayVar(&a.opt.demoFaults, "demo-fault", nil, "make the simulator fail: `KIND:METHOD:PATH[:DELAY]`, e.g. latency::/api/v0/bundles/:5s or 429::")
	a.opt.looks.add(root)
	if a.taping == nil {
		a.taping = &taping{}
	}
	a.taping.add(root)
	root.Flags().BoolVar(&a.opt.bare, "no-supervisor", false, "draw in this process, for debuggers")
	for _, hidden := range []string{"demo-quiet", "demo-offers", "demo-troubles"} {
		_ = f.MarkHidden(hidden)
	}
	root.AddCommand(a.loginCommand(), a.logoutCommand(), a.whoamiCommand(), a.doctorCommand(), a.queryCommand(), a.costCommand(), a.offersCommand(), a.instancesCommand(), a.volumesCommand(), a.bidsCommand(), a.sshCommand(), a.logsCommand(),
		a.rentCommand(), a.bidCommand(), a.startCommand(), a.stopCommand(), a.rebootCommand(), a.labelCommand(), a.destroyCommand(), a.volumeCommand(), a.manCommand(), a.demoShellCommand())
	root.SetHelpCommand(helpCommand())
	explainUsage(root)
	if len(a.args) > 0 && strings.HasPrefix(a.args[0], cobra.ShellCompRequestCmd) {
		offerFilesWhereMeant(root)
		plainUsage(root)
	}
	return root
}
