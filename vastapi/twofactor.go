package vastapi

import (
	"context"

	"vastdeck/vastapi/safetext"
)

// TwoFactor is how the account asks for a second factor (GET /api/v0/tfa/status/).
type TwoFactor struct {
	On          Flag
	Methods     []safetext.Text // "totp", "sms", "email"; of each method, its kind
	BackupCodes int             // how many are left, -1 = not told
}

// TwoFactor returns how the account asks for a second factor.
func (c *Client) TwoFactor(ctx context.Context) (TwoFactor, error) {
	var t TwoFactor
	err := c.get(ctx, RouteTwoFactor, "/api/v0/tfa/status/", "", func(body []byte) (err error) {
		t, err = readTwoFactor(body)
		return err
	})
	if err != nil {
		return TwoFactor{}, err
	}
	return t, nil
}

// readTwoFactor reads tfa_enabled, methods and backup_codes_remaining (official client).
func readTwoFactor(body []byte) (TwoFactor, error) {
	t, d := TwoFactor{BackupCodes: -1}, newSorter()
	err := readAnswer(body, "tfa_enabled", func(s *scanner, key []byte) (bool, error) {
		if string(key) == "methods" && s.peek() == '[' {
			return true, d.rows(s, func(s *scanner) error {
				return s.fields(func(key []byte, v value) error {
					if name := string(key); name == "method" || name == "method_type" || name == "type" {
						t.Methods = append(t.Methods, d.text(v))
					}
					return nil
				})
			})
		}
		v, err := s.value()
		if err != nil {
			return true, err
		}
		switch string(key) {
		case "tfa_enabled":
			t.On = v.flag()
		case "backup_codes_remaining":
			t.BackupCodes = v.count(-1)
		}
		return true, nil
	})
	if err != nil {
		return TwoFactor{}, err
	}
	return t, nil
}
