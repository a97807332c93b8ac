package rental

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Fingerprint is the SHA256 fingerprint of a public key, as ssh-keygen -l prints it,
// or "not known" for a text that is none.
func Fingerprint(public string) string {
	words := strings.Fields(public)
	if len(words) < 2 {
		return "not known"
	}
	blob, err := base64.StdEncoding.DecodeString(words[1])
	if err != nil {
		return "not known"
	}
	sum := sha256.Sum256(blob)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}
