package vastapi

import (
	"regexp"
	"slices"
	"strings"
)

// secretParts are what the names of secrets contain.
var secretParts = []string{
	"TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "PRIVATE", "CREDENTIAL", "APIKEY", "ACCESSKEY", "AUTH", "COOKIE", "SESSION", "DSN",
}

// SecretName reports whether something of that name is likely to hold a secret.
func SecretName(name string) bool {
	words := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == '_' || r == '.' || r == '-' })
	joined := strings.Join(words, "")
	for _, part := range secretParts {
		if strings.Contains(joined, part) {
			return true
		}
	}
	return slices.ContainsFunc(words, func(w string) bool { return w == "KEY" || w == "PASS" || w == "PWD" || w == "PAT" })
}

// What a script may hold that is nobody's business: values of names, words behind
// the scheme of a header, the user's part of an address, and keys that are known by
// their shape.
var (
	namedValue  = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)(["']?\s*[=:]\s*)("[^"]*"?|'[^']*'?|[^\s;&|"']+)`)
	flagValue   = regexp.MustCompile(`(--?[A-Za-z][A-Za-z0-9_-]*)(\s+)("[^"]*"?|'[^']*'?|[^\s;&|"'-][^\s;&|"']*)`)
	schemeValue = regexp.MustCompile(`(?i)\b(bearer|basic)(\s+)([^\s"']+)`)
	userInfo    = regexp.MustCompile(`(://)([^\s/@:"']*:)?([^\s/@"']+)(@)`)
	keyShape    = regexp.MustCompile(`\b(?:(?:hf_|gh[pousr]_|github_pat_|sk-|xox[abprs]-|glpat-|AKIA)[A-Za-z0-9_-]{8,}|[0-9a-fA-F]{40,})`)
)

// MaskScript is one line of a script or a command with what looks secret in it
// masked. It is for showing: a secret that looks like any other word stays.
func MaskScript(line string) string {
	line = userInfo.ReplaceAllString(line, "${1}${2}"+masked+"${4}")
	line = schemeValue.ReplaceAllString(line, "${1}${2}"+masked)
	for _, form := range []*regexp.Regexp{namedValue, flagValue} {
		line = form.ReplaceAllStringFunc(line, func(found string) string {
			part := form.FindStringSubmatch(found)
			if !SecretName(part[1]) || strings.HasPrefix(part[3], "$") || strings.HasPrefix(part[3], `"$`) || strings.EqualFold(part[3], "bearer") || strings.EqualFold(part[3], "basic") {
				return found
			}
			return part[1] + part[2] + masked
		})
	}
	return keyShape.ReplaceAllString(line, masked)
}
