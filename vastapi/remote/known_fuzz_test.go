package remote

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"strings"
	"testing"
)

func FuzzForgettingAHost(f *testing.F) {
	salt := []byte("01234567890123456789")
	mac := hmac.New(sha1.New, salt)
	mac.Write([]byte("vast-42"))
	hashed := "|1|" + base64.StdEncoding.EncodeToString(salt) + "|" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	f.Add("vast-42 ssh-ed25519 AAAA\n" + hashed + " x y\n# c\n@revoked vast-42 k\na,vast-42 z")
	f.Add(",,vast-42,, k\nvast-42")
	f.Fuzz(func(t *testing.T, text string) {
		kept := string(withoutHost([]byte(text), "vast-42"))
		if again := string(withoutHost([]byte(kept), "vast-42")); again != kept {
			t.Errorf("%q: %q became %q the second time", text, kept, again)
		}
		if !strings.Contains(strings.ToLower(text), "vast-42") && !strings.Contains(text, "|1|") && kept != text {
			t.Errorf("%q has no such host and became %q", text, kept)
		}
		if !isSubsequence(kept, text) {
			t.Errorf("%q has something that was not in %q", kept, text)
		}
	})
}

// isSubsequence reports whether short is long with bytes left out.
func isSubsequence(short, long string) bool {
	for i := 0; i < len(long) && short != ""; i++ {
		if long[i] == short[0] {
			short = short[1:]
		}
	}
	return short == ""
}
