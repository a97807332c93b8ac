package main

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"vastdeck/vastapi/rental"
)

// The log-in to a private registry. Its password is never an argument: arguments can be
// read by every process of the machine.

// registryVariable is the variable that may hold the password.
const registryVariable = "VASTDECK_REGISTRY_PASSWORD"

// maxRegistryPassword is the longest input that a password is read from, in bytes.
const maxRegistryPassword = 64 << 10

// registryFlags say who logs in where.
type registryFlags struct {
	server, user string
	stdin        bool
}

// add adds them to c.
func (r *registryFlags) add(c *cobra.Command) {
	l := c.Flags()
	l.StringVar(&r.user, "registry-user", "", "the `NAME` that logs in to the image's registry; the password is in "+registryVariable+" or is asked for")
	l.StringVar(&r.server, "registry", "", "the `HOST` of the registry, e.g. ghcr.io (default: the one that the image names, or docker.io)")
	l.BoolVar(&r.stdin, "registry-password-stdin", false, "read the registry's password from standard input")
	_ = c.RegisterFlagCompletionFunc("registry", cobra.FixedCompletions([]string{"docker.io", "ghcr.io", "nvcr.io", "quay.io"}, onlyThese))
	_ = c.RegisterFlagCompletionFunc("registry-user", cobra.NoFileCompletions)
	for _, name := range []string{"registry-user", "registry-password-stdin"} {
		alias(c, name, strings.ReplaceAll(name, "-", "_"))
	}
}

// takeRegistryPassword takes the password out of the environment, so that no child has it.
func takeRegistryPassword(getenv func(string) string) string {
	password := getenv(registryVariable)
	_ = os.Unsetenv(registryVariable)
	return password
}

// check says what is wrong with the flags before anything is asked or read.
func (r *registryFlags) check(o options) error {
	switch {
	case r.user == "" && r.server != "":
		return usagef("say who logs in to %s: --registry-user NAME", shown(r.server))
	case r.user == "" && r.stdin:
		return usagef("--registry-password-stdin goes with --registry-user NAME")
	case r.stdin && o.keyStdin:
		return usagef("standard input holds either the API key or the registry's password: put the one into a file (--api-key-file) or the other into " + registryVariable)
	}
	return nil
}

// login is the log-in to the registry of an image, the zero one when nobody logs in.
func (r *registryFlags) login(ctx context.Context, a *app, image string) (rental.Login, error) {
	if r.user == "" {
		return rental.Login{}, nil
	}
	server := firstOf(r.server, registryOf(image))
	password, err := r.password(ctx, a, server)
	if err != nil {
		return rental.Login{}, err
	}
	return rental.NewLogin(server, r.user, password), nil
}

// password is what was given, or typed without being shown.
func (r *registryFlags) password(ctx context.Context, a *app, server string) (string, error) {
	switch {
	case r.stdin && !term.IsTerminal(a.stdin.Fd()):
		data, err := io.ReadAll(io.LimitReader(a.stdin, maxRegistryPassword))
		defer clear(data)
		text := strings.TrimRight(string(data), "\r\n")
		if err == nil && text == "" {
			err = errors.New("nothing was there")
		}
		if err != nil {
			return "", usagef("--registry-password-stdin: %s", ended(err.Error()))
		}
		return text, nil
	case !r.stdin && a.registryPassword != "":
		return a.registryPassword, nil
	case !a.canAsk():
		return "", usagef("the password of %s at %s is missing: set %s, or pipe it in with --registry-password-stdin.", shown(r.user), shown(server), registryVariable)
	}
	text, err := a.secret(ctx, "Password or token of "+shown(r.user)+" at "+shown(server)+" (not shown while typed): ")
	if err == nil && text == "" {
		err = usagef("nothing was typed: %s needs a password or a token.", shown(server))
	}
	return text, err
}

// registryOf is the registry that the name of an image begins with, or docker's own.
func registryOf(image string) string {
	host, _, more := strings.Cut(image, "/")
	if more && (strings.ContainsAny(host, ".:") || host == "localhost") {
		return host
	}
	return "docker.io"
}
