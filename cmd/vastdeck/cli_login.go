package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/vastapi"
)

// The verbs about the key. None of them takes the key as an argument: arguments
// can be read by every process of the machine.

func (a *app) loginCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "login",
		Short: "Keep an API key in the system's keyring",
		Long: "login asks for an API key, checks it with one read of your account and keeps it in the\n" +
			"system's keyring for this profile and host. It is never written to a file.\n" +
			"With --api-key-stdin or --api-key-file the key is read from there.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.done(a.verb(c.Context(), (*session).login)) },
	}
}

func (a *app) logoutCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "Delete the key of this profile and host from the keyring",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return a.done(a.verb(c.Context(), (*session).logout)) },
	}
}

func (a *app) whoamiCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "whoami",
		Short: "Say whose account it is and where the key came from",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return a.done(a.verb(c.Context(), (*session).whoami)) },
	}
}

// verb runs one of the verbs with a session.
func (a *app) verb(ctx context.Context, do func(*session, context.Context) error) error {
	a.envKey = takeKey()
	s, err := a.session()
	if err != nil {
		return err
	}
	defer s.close()
	return do(s, ctx)
}

func (s *session) login(ctx context.Context) error {
	key, err := s.keyToKeep(ctx)
	if err != nil {
		return &exitError{exitFailed, err.Error()}
	}
	client, err := s.client(key)
	if err != nil {
		return err
	}
	user, err := client.User(ctx)
	if err != nil {
		return rejected(err)
	}
	if err := s.secrets.Save(ctx, s.opt.profile, s.host, key); err != nil {
		return &exitError{exitFailed, err.Error() + " The key was good but is not kept."}
	}
	fmt.Fprintf(s.stdout, "Logged in as %s. The key (…%s) is in the keyring for profile %q at %s.\n", name(user), key.Tail(), s.opt.profile, s.host)
	return nil
}

// rejected says that a key was tried and does not do.
func rejected(err error) error { return fmt.Errorf("this key does not open an account: %w", err) }

// keyToKeep is the key that login is about: from the file or the input that was
// named, or typed without being shown.
func (s *session) keyToKeep(ctx context.Context) (store.Key, error) {
	if s.opt.keyFile != "" || s.opt.keyStdin {
		key, _, err := s.find(ctx, true)
		return key, err
	}
	if !term.IsTerminal(s.stdin.Fd()) {
		return store.Key{}, errors.New("there is no terminal to ask for the key: use --api-key-stdin or --api-key-file")
	}
	fmt.Fprintln(s.stderr, "Create a key at https://cloud.vast.ai/manage-keys/ (it is shown once).")
	fmt.Fprint(s.stderr, "API key (not shown while typed): ")
	text, err := term.ReadPassword(s.stdin.Fd())
	fmt.Fprintln(s.stderr)
	if err != nil {
		return store.Key{}, fmt.Errorf("read the key: %w", err)
	}
	return store.ParseKey(string(text))
}

func (s *session) logout(ctx context.Context) error {
	err := s.secrets.Delete(ctx, s.opt.profile, s.host)
	switch {
	case errors.Is(err, store.ErrNoKey):
		fmt.Fprintf(s.stdout, "There was no key in the keyring for profile %q at %s.\n", s.opt.profile, s.host)
	case err != nil:
		return &exitError{exitFailed, err.Error()}
	default:
		fmt.Fprintf(s.stdout, "The key for profile %q at %s is deleted from the keyring. It still works until you delete it at https://cloud.vast.ai/manage-keys/.\n", s.opt.profile, s.host)
	}
	if s.envKey != "" {
		fmt.Fprintln(s.stdout, "VAST_API_KEY is still set in your environment.")
	}
	return nil
}

func (s *session) whoami(ctx context.Context) error {
	key, source, err := s.find(ctx, true)
	if err != nil {
		return &exitError{exitNoLogin, ended(err.Error()) + " `vastdeck login` keeps a key."}
	}
	client, err := s.client(key)
	if err != nil {
		return err
	}
	user, err := client.User(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "account  %s (id %d)\ncredit   %s\nbalance  %s\nkey      …%s from the %s\nprofile  %s\nserver   %s\n",
		name(user), user.ID, dollars(user.Spendable()), dollars(user.Balance), key.Tail(), source, s.opt.profile, s.base)
	return nil
}

func name(u vastapi.User) string {
	switch {
	case !u.Email.Empty():
		return u.Email.String()
	case !u.Username.Empty():
		return u.Username.String()
	}
	return fmt.Sprintf("account %d", u.ID)
}

func dollars(a vastapi.Amount) string {
	if !vastapi.Known(a) {
		return "not told"
	}
	return fmt.Sprintf("$%.2f", float64(a))
}
