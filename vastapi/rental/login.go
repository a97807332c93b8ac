package rental

import (
	"strings"

	"vastdeck/vastapi"
)

// Login opens a private registry. The zero Login is none. Its password cannot be
// read back or printed.
type Login struct {
	Registry string // "ghcr.io", "docker.io"
	User     string
	line     vastapi.Secret // as the API takes it: -u USER -p PASSWORD REGISTRY
	problem  string
}

// NewLogin is the login of user at registry, with a password or a token. What is
// wrong with it is told by RentOptions.Validate, under "login". With all three
// empty it is the zero Login.
func NewLogin(registry, user, password string) Login {
	if registry == "" && user == "" && password == "" {
		return Login{}
	}
	l := Login{Registry: registry, User: user, problem: loginProblem(registry, user, password)}
	if l.problem == "" {
		l.line = vastapi.NewSecret("-u " + user + " -p " + password + " " + registry)
	}
	return l
}

// Given reports whether there is a login, complete or not.
func (l Login) Given() bool { return l != (Login{}) }

// String names the user and the registry, not the password.
func (l Login) String() string {
	if !l.Given() {
		return ""
	}
	return l.User + " at " + l.Registry
}

// loginProblem says what is wrong with a login: the API takes it as one line of
// words and knows no quotes.
func loginProblem(registry, user, password string) string {
	switch {
	case !isLoginWord(user):
		return "a user name is needed, without spaces"
	case password == "":
		return "the password or a token is needed"
	case !isLoginWord(password):
		return "a password has no spaces and does not begin with a hyphen: use a token of the registry instead"
	case !isLoginWord(registry):
		return "the registry is needed, e.g. ghcr.io or docker.io"
	}
	return ""
}

func isLoginWord(s string) bool {
	return s != "" && !strings.HasPrefix(s, "-") && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f })
}

// check says what is wrong with l; a Login that was not made by NewLogin has no
// password.
func (l Login) check() string {
	if l.Given() && l.problem == "" && !l.line.Set() {
		return "the password or a token is needed"
	}
	return l.problem
}
