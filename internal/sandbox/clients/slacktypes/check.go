package slacktypes

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"muster/internal/sandbox/clients"
)

// Violation is something that the types do not allow.
type Violation struct {
	Layout        // the first that it is in
	Wrong  string // the place in the layout, and what is wrong there
	Times  int    // in how many layouts from there it is
}

func (v Violation) String() string {
	return fmt.Sprintf("%s: %s (%d times), as in %s", v.From, v.Wrong, v.Times, v.JSON)
}

// Check holds layouts against the types. It is [clients.ErrLeftOut] where Node
// is missing and need not be there.
func Check(ctx context.Context, layouts []Layout) ([]Violation, error) {
	cmd, err := clients.Command(ctx, "slacktypes/check.mjs")
	if err != nil {
		return nil, err
	}
	var lines, verdicts, complaints bytes.Buffer
	for _, l := range layouts {
		if err := json.Compact(&lines, []byte(l.JSON)); err != nil {
			return nil, fmt.Errorf("a layout from %s: %w", l.From, err)
		}
		lines.WriteByte('\n')
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = &lines, &verdicts, &complaints
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("check.mjs: %w\n%s", err, &complaints)
	}
	var found []Violation
	at := map[[2]string]int{}
	said := json.NewDecoder(&verdicts)
	for n, l := range layouts {
		var wrongs []string
		if err := said.Decode(&wrongs); err != nil {
			return nil, fmt.Errorf("check.mjs said nothing of layout %d of %d: %w", n+1, len(layouts), err)
		}
		for _, wrong := range wrongs {
			key := [2]string{l.From, wrong}
			if _, known := at[key]; !known {
				at[key] = len(found)
				found = append(found, Violation{Layout: l, Wrong: wrong})
			}
			found[at[key]].Times++
		}
	}
	return found, nil
}
