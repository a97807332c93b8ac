package account

import (
	"strings"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
)

// logInForm asks for another key while there is an account.
const logInForm = "log in with another key"

// The fields of the form.
const (
	fKey    = "key"
	fKeep   = "keep"
	fPhrase = "passphrase"
	fAgain  = "again"
)

// keeping are the places of a key, as a form offers them.
var keeping = []view.Option{
	{Value: "keyring", Label: "keyring", Help: "the system's keyring; where there is none, for this run only"},
	{Value: "run", Label: "this run only", Help: "nothing is written; the next start asks again"},
	{Value: "file", Label: "encrypted file", Help: "a file that a passphrase opens; it is asked for at every start"},
}

// keepIn is the place behind an option.
func keepIn(value string) command.KeepIn {
	switch value {
	case "run":
		return command.KeepRun
	case "file":
		return command.KeepFile
	}
	return command.KeepKeyring
}

// leastPhrase is how long a passphrase is at least, in runes.
const leastPhrase = 8

// checkPhrase is what is wrong with a passphrase typed twice, by field.
func checkPhrase(v view.Values) map[string]string {
	switch {
	case len([]rune(v[fPhrase])) < leastPhrase:
		return map[string]string{fPhrase: "at least 8 characters: whoever gets the file can try passphrases without end"}
	case v[fAgain] != v[fPhrase]:
		return map[string]string{fAgain: "this is not the same passphrase"}
	}
	return nil
}

// phraseFields ask for a passphrase, twice.
func phraseFields(when func(view.Values) bool) []view.Field {
	return []view.Field{
		{Key: fPhrase, Label: "passphrase", Kind: view.Secret, Limit: 1024, When: when, Help: "it is kept nowhere: without it the file is of no use to anybody"},
		{Key: fAgain, Label: "once more", Kind: view.Secret, Limit: 1024, When: when, Help: "the same passphrase"},
	}
}

// logInAction asks for another key.
func (m *Model) logInAction(env view.Env) view.Action {
	why := ""
	if env.Session.Demo {
		why = "the demo needs no key"
	}
	return act("L", "log in with another key…", why, func() view.Effect { return askLogIn(env) })
}

// askLogIn asks for a key, and where to keep it.
func askLogIn(env view.Env) view.Effect {
	file := func(v view.Values) bool { return v[fKeep] == "file" }
	fields := []view.Field{
		{Key: fKey, Label: "API key", Kind: view.Secret, Limit: 256, Help: "not shown while it is typed or pasted; it is checked with one read of its account"},
		{Key: fKeep, Label: "keep it in", Kind: view.Choice, Value: "keyring", Options: keeping, Help: "left and right choose"},
	}
	profile := env.Session.Profile
	return view.Do(view.Ask{Form: view.Form{
		ID: logInForm, Title: "Log in with another key", Button: "Log in", Busy: "checking the key…",
		Intro: []view.Pair{
			{Label: "then", Value: "what is shown of this account is gone; what runs goes on and is billed"},
			{Label: "instead", Value: "a second account of your own is better a profile (P): where this key is kept, it replaces the one of the profile " + profile},
		},
		Fields: append(fields, phraseFields(file)...),
		Check: func(v view.Values) map[string]string {
			if strings.TrimSpace(v[fKey]) == "" {
				return map[string]string{fKey: "an API key: K makes one, or " + consoleKeys}
			}
			if file(v) {
				return checkPhrase(v)
			}
			return nil
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			return view.Wait(env.Load.KeepKey(strings.TrimSpace(v[fKey]), keepIn(v[fKeep]), v[fPhrase]))
		},
	}})
}

// tried gives the form back when the key in it does not do. When it does, all that
// was of the former account is gone by now, this view as well.
func (m *Model) tried(msg command.KeyTried) view.Effect {
	if m.fresh != nil {
		m.fresh.freshTried(msg)
	}
	if msg.Err == nil {
		return view.Effect{}
	}
	return failed(logInForm, msg.Err)
}

// logOutAction leaves the account.
func (m *Model) logOutAction(env view.Env) view.Action {
	why := ""
	if env.Session.Demo {
		why = "the demo has no account to leave: q quits"
	}
	return act("X", "log out…", why, func() view.Effect { return askLogOut(env) })
}

// logOutForm asks once before the account is left: X stands beside keys that only look.
const logOutForm = "log out"

func askLogOut(env view.Env) view.Effect {
	return view.Do(view.Ask{Form: view.Form{
		ID: logOutForm, Title: "Log out", Button: "Log out",
		Intro: []view.Pair{
			{Label: "then", Value: "nothing of this account is shown or asked for any more; what runs goes on and is billed"},
			{Label: "the key", Value: view.KeyAfterLogOut(env.Session.Source)},
		},
		Submit: func(view.Env, view.Values) view.Effect { return view.Do(view.LogOut{}) },
	}})
}

// encryptForm asks for the passphrase of a key that is to be kept in the encrypted file.
const encryptForm = "keep the key in the encrypted file"

// encryptAction puts the key in use into the encrypted file.
func (m *Model) encryptAction(env view.Env) view.Action {
	why := ""
	if env.Session.Demo {
		why = "the demo has no key"
	}
	return quiet("F", "keep the key in the encrypted file…", why, func() view.Effect { return askEncrypt() })
}

func askEncrypt() view.Effect {
	return view.Do(view.Ask{Form: view.Form{
		ID: encryptForm, Title: "Keep the key in the encrypted file", Button: "Encrypt it", Busy: "encrypting…",
		Intro: []view.Pair{
			{Label: "what for", Value: "a machine without a keyring: the file is opened with the passphrase at every start"},
			{Label: "also", Value: "a key in the keyring stays there, and goes before the file: `vastdeck logout` takes it out"},
		},
		Fields: phraseFields(nil), Check: checkPhrase,
		Submit: func(env view.Env, v view.Values) view.Effect { return view.Wait(env.Load.SaveEncrypted(v[fPhrase])) },
	}})
}

// saved says where the key is now.
func saved(msg command.KeySaved) view.Effect {
	if msg.Err != nil {
		return failed(encryptForm, msg.Err)
	}
	return view.Do(view.FormDone{Form: encryptForm}, view.Toast{Text: msg.Where, Level: view.Good})
}
