package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// The verbs about the key. None of them takes the key as an argument: arguments
// can be read by every process of the machine.

// loginOptions say which key is kept, and where.
type loginOptions struct {
	encrypted bool // in the file that a passphrase encrypts
	imported  bool // the key of the official client
	remove    bool // delete that client's file afterwards
}

func (a *app) loginCommand() *cobra.Command {
	var opt loginOptions
	c := &cobra.Command{
		Use:   "login",
		Short: "Keep an API key in the system's keyring",
		Long: "login asks for an API key, checks it with one read of your account and keeps it in the\n" +
			"system's keyring for this profile and host. It is never written to a file in the clear.\n" +
			"With --api-key-stdin or --api-key-file the key is read from there.\n\n" +
			"With --encrypted-file the key is kept in a file that a passphrase encrypts, for machines\n" +
			"without a keyring: the passphrase is asked for twice on the terminal, and again by each\n" +
			"run that needs the key. Nobody can recover a forgotten one.\n\n" +
			"With --import the key of the official client is taken over, from\n" +
			"~/.config/vastai/vast_api_key or ~/.vast_api_key. Its file is left as it is, unless you\n" +
			"say yes to deleting it or use --delete-imported.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.done(a.tillSignal(c.Context(), func(ctx context.Context) error {
				return a.verb(ctx, func(s *session, ctx context.Context) error { return s.login(ctx, opt) })
			}))
		},
	}
	c.Flags().BoolVar(&opt.encrypted, "encrypted-file", false, "keep the key in a file that a passphrase encrypts, not in the keyring")
	c.Flags().BoolVar(&opt.imported, "import", false, "take the key of the official client")
	c.Flags().BoolVar(&opt.remove, "delete-imported", false, "with --import: delete the official client's file once the key is kept")
	return c
}

func (a *app) logoutCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "logout",
		Short: "Delete the key of this profile from the keyring, and its encrypted key file",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.done(a.tillSignal(c.Context(), func(ctx context.Context) error { return a.verb(ctx, (*session).logout) }))
		},
	}
}

func (a *app) whoamiCommand() *cobra.Command {
	var f verbFlags
	c := &cobra.Command{
		Use:   "whoami",
		Short: "Say whose account it is and where the key came from",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.reading(c, &f, func(ctx context.Context, k *account) error { return k.whoami(ctx, f.json) })
		},
	}
	f.addJSON(c)
	f.addNoPlan(c)
	return c
}

// verb runs one of the verbs about where a key is kept, which the demo has none of.
func (a *app) verb(ctx context.Context, do func(*session, context.Context) error) error {
	if a.opt.demo {
		return usagef("the demo has no key to keep: leave --demo out")
	}
	a.envKey = takeKey()
	s, err := a.session()
	if err != nil {
		return err
	}
	defer s.close()
	return do(s, ctx)
}

// login checks a key and keeps it.
func (s *session) login(ctx context.Context, opt loginOptions) error {
	if opt.remove && !opt.imported {
		return usagef("--delete-imported goes with --import")
	}
	if opt.imported && (s.opt.keyFile != "" || s.opt.keyStdin) {
		return usagef("the key is either that of the official client or the one you name: leave one of the flags out")
	}
	key, from, err := s.keyToLogIn(ctx, opt)
	if err != nil {
		return asFailed(ctx, err)
	}
	client, err := s.client(key)
	if err != nil {
		return err
	}
	user, err := client.User(ctx)
	if err != nil {
		return rejected(err)
	}
	where, err := s.store(ctx, key, opt.encrypted)
	if err != nil {
		return asFailed(ctx, err)
	}
	fmt.Fprintf(s.stdout, "Logged in as %s. The key (…%s) is in %s for profile %q at %s.\n", name(user), key.Tail(), where, s.opt.profile, s.host)
	if opt.imported {
		return s.afterImport(ctx, from, opt.remove)
	}
	return nil
}

// asFailed gives an error the exit code of what failed; an end by a signal stays one.
func asFailed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return coded(err)
}

// keyToLogIn is the key that login is about, and where the official client has it.
func (s *session) keyToLogIn(ctx context.Context, opt loginOptions) (store.Key, store.OtherKey, error) {
	if !opt.imported {
		key, err := s.keyToKeep(ctx)
		return key, store.OtherKey{}, err
	}
	found, err := s.otherKey()
	if err != nil {
		return store.Key{}, found, err
	}
	fmt.Fprintf(s.stderr, "The key (…%s) is taken from %s and checked with one read of your account at %s.\n", found.Key.Tail(), s.shortened(found.Path), s.host)
	return found.Key, found, nil
}

// store keeps a good key and says where.
func (s *session) store(ctx context.Context, key store.Key, encrypted bool) (where string, err error) {
	if !encrypted {
		err := s.secrets.Save(ctx, s.opt.profile, s.host, key)
		if unavailable := new(store.ErrKeyringUnavailable); errors.As(err, &unavailable) {
			return "", failedf("%s The key was good but is not kept. `vastdeck login --encrypted-file` needs no keyring.", ended(err.Error()))
		}
		return "the keyring", err
	}
	passphrase, err := s.newPassphrase(ctx)
	if err != nil {
		return "", err
	}
	note, err := s.keepInFile(ctx, key, passphrase)
	if note != "" {
		fmt.Fprintf(s.stderr, "vastdeck: %s\n", ended(note))
	}
	file, pathErr := s.keyFile()
	if err = errors.Join(err, pathErr); err != nil {
		return "", err
	}
	return "the encrypted file " + s.shortened(file.Path()), nil
}

// afterImport says what to do with the official client's file, and deletes it when the
// user wants that.
func (s *session) afterImport(ctx context.Context, from store.OtherKey, remove bool) error {
	if err := s.paths.AnswerImport(); err != nil {
		s.log.Warn("the answer about the official client's key is not remembered", "err", err)
	}
	if !remove {
		fmt.Fprintf(s.stdout, "%s\n", capital(ended(s.advice(from))))
		var err error
		if remove, err = s.yes(ctx, "Delete "+s.named(from)+" now? The official client then asks for a key when it is used next."); err != nil || !remove {
			return err
		}
	}
	fmt.Fprintf(s.stdout, "%s\n", capital(ended(s.removeOther(from))))
	return nil
}

// capital begins a sentence.
func capital(text string) string {
	if text == "" || strings.HasPrefix(text, "~") {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// rejected says that a key was tried and does not do, or that it could not be tried: a
// server that is not reached, or a key that may not see whose it is, says nothing against it.
func rejected(err error) error {
	switch vastapi.KindOf(err) {
	case vastapi.KindRights, vastapi.KindTransport, vastapi.KindTimeout, vastapi.KindServer, vastapi.KindRateLimited, vastapi.KindPaused, vastapi.KindRedirect, vastapi.KindCancelled:
		return fmt.Errorf("the key could not be checked and is not kept: %w", err)
	}
	return fmt.Errorf("this key does not open an account: %w", err)
}

// keyToKeep is the key that login is about: from the file or the input that was
// named, or typed without being shown.
func (s *session) keyToKeep(ctx context.Context) (store.Key, error) {
	if s.opt.keyFile != "" || s.opt.keyStdin {
		key, _, err := s.find(ctx, true)
		return key, err
	}
	if !s.canAsk() {
		return store.Key{}, errors.New("there is no terminal to ask for the key: use --api-key-stdin or --api-key-file")
	}
	fmt.Fprintln(s.stderr, "Create a key at https://cloud.vast.ai/manage-keys/ (it is shown once).")
	text, err := s.secret(ctx, "API key (not shown while typed): ")
	if err != nil {
		return store.Key{}, fmt.Errorf("read the key: %w", err)
	}
	return store.ParseKey(text)
}

// logout deletes the key wherever it is kept for this profile.
func (s *session) logout(ctx context.Context) error {
	file, err := s.keyFile()
	if err != nil {
		return err
	}
	link := file.LinksTo()
	hadFile, fileErr := file.Delete()
	ringErr := s.secrets.Delete(ctx, s.opt.profile, s.host)
	hadRing := ringErr == nil
	var unavailable *store.ErrKeyringUnavailable
	switch {
	case errors.Is(ringErr, store.ErrNoKey):
		ringErr = nil
	case hadFile && errors.As(ringErr, &unavailable): // a machine without a keyring is why there is a file
		fmt.Fprintf(s.stderr, "vastdeck: whether the keyring has a key as well is not known: %s\n", unavailable.Reason)
		ringErr = nil
	}
	if hadRing {
		fmt.Fprintf(s.stdout, "The key for profile %q at %s is deleted from the keyring.\n", s.opt.profile, s.host)
	}
	switch {
	case !hadFile || fileErr != nil:
	case link != "":
		fmt.Fprintf(s.stdout, "%s was a symbolic link, which is deleted. What it led to is left as it is, and may still hold keys: %s\n",
			s.shortened(file.Path()), safetext.Clean(s.shortened(link), safetext.MaxRunes))
	default:
		fmt.Fprintf(s.stdout, "The encrypted key file of profile %q is deleted, with the keys of all hosts in it.\n", s.opt.profile)
	}
	switch {
	case hadRing || hadFile && fileErr == nil:
		fmt.Fprintln(s.stdout, "A deleted key still works until you delete it at https://cloud.vast.ai/manage-keys/.")
	case ringErr == nil && fileErr == nil:
		fmt.Fprintf(s.stdout, "There was no key in the keyring for profile %q at %s.\n", s.opt.profile, s.host)
	}
	if s.envKey != "" {
		fmt.Fprintln(s.stdout, "VAST_API_KEY is still set in your environment.")
	}
	if fileErr != nil {
		fileErr = errors.New(sentenceOf(fileErr))
	}
	if err := errors.Join(fileErr, ringErr); err != nil {
		return asFailed(ctx, err)
	}
	return nil
}

// whoamiJSON is what whoami prints as data. Of the key it says the end, never more.
type whoamiJSON struct {
	Version  int      `json:"version"`
	Provider string   `json:"provider"`
	ID       int64    `json:"id"`
	Email    string   `json:"email,omitempty"`
	Username string   `json:"username,omitempty"`
	Credit   *float64 `json:"credit"`  // $ that can be spent
	Balance  *float64 `json:"balance"` // $
	Key      *keyJSON `json:"key"`     // null: none, as in the demo
	Profile  string   `json:"profile"`
	Server   string   `json:"server"` // base URL of the API; "" = simulated in this process
	Demo     bool     `json:"demo"`
}

// keyJSON is where a key was found.
type keyJSON struct {
	Tail   string `json:"tail"`
	Source string `json:"source"`
}

func (k *account) whoami(ctx context.Context, asJSON bool) error {
	user, err := k.api.User(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		out := whoamiJSON{
			Version: schemaVersion, Provider: onlyProvider, ID: user.ID, Email: user.Email.String(), Username: user.Username.String(),
			Credit: figure(float64(user.Spendable())), Balance: figure(float64(user.Balance)), Profile: k.opt.profile, Demo: k.demo,
		}
		if !k.demo {
			out.Key, out.Server = &keyJSON{k.key.Tail(), k.source}, k.base
		}
		return printJSON(k.stdout, out)
	}
	key, server := "…"+k.key.Tail()+" from the "+k.source, k.base
	if k.demo {
		key, server = "none: this is the demo", "simulated in this process"
	}
	fmt.Fprintf(k.stdout, "account  %s (id %d)\ncredit   %s\nbalance  %s\nkey      %s\nprofile  %s\nserver   %s\n",
		name(user), user.ID, dollars(user.Spendable()), dollars(user.Balance), key, k.opt.profile, server)
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
