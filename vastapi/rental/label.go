package rental

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"strings"
	"unicode/utf8"

	"vastdeck/vastapi"
)

const (
	// MaxName is how long the name of an instance may be, in bytes: what its
	// label has room for beside the token.
	MaxName = vastapi.MaxLabelCreate - len(" ") - len(tokenMark) - tokenLen

	tokenMark = "vx-"
	tokenLen  = 12 // 60 bits
	// opVariable is the environment variable that carries the token too; the
	// instance list gives it back in extra_env.
	opVariable = "VX_OP"
)

var tokenText = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewID returns an id for a plan that no other process will ever make.
func NewID() string {
	var b [15]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	return tokenText.EncodeToString(b[:])
}

// tokenOf derives the token of one step, so that the plan's id alone decides it.
func tokenOf(planID string, step int) string {
	sum := sha256.Sum256([]byte(planID + "/" + strconv.Itoa(step)))
	return tokenText.EncodeToString(sum[:])[:tokenLen]
}

// Label is the label of a rental: the user's name for it and the token by which
// it is found again when the answer to the rent was lost. A name that is too
// long is cut between two characters.
func Label(name, token string) string {
	if name == "" {
		return tokenMark + token
	}
	room := vastapi.MaxLabelCreate - len(" ") - len(tokenMark) - len(token)
	for len(name) > room {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return name + " " + tokenMark + token
}

// SplitLabel takes a label apart; token is "" when it carries none.
func SplitLabel(label string) (name, token string) {
	at := len(label) - len(tokenMark) - tokenLen
	if at < 0 || !isToken(label[at:]) {
		return label, ""
	}
	token = label[at+len(tokenMark):]
	if at == 0 {
		return "", token
	}
	if label[at-1] != ' ' {
		return label, ""
	}
	return label[:at-1], token
}

func isToken(s string) bool {
	rest, ok := strings.CutPrefix(s, tokenMark)
	if !ok || len(rest) != tokenLen {
		return false
	}
	for i := range len(rest) {
		if c := rest[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}
