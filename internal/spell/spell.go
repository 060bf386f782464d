// Package spell finds what somebody most likely meant to type.
package spell

import (
	"strings"
	"unicode/utf8"
)

// Nearest returns the known word that a mistyped or half-typed one most likely
// means, "" if none is near. Upper and lower case are the same.
func Nearest(word string, known []string) string {
	word = strings.ToLower(word)
	best, least := "", slips(utf8.RuneCountInString(word))+1
	for _, k := range known {
		if len(word) >= 2 && strings.HasPrefix(strings.ToLower(k), word) {
			return k
		}
		if d := distance([]rune(word), []rune(strings.ToLower(k))); d < least {
			best, least = k, d
		}
	}
	return best
}

// slips returns how many letters of a word may be wrong: with more, a word that
// was meant as it is looks like another.
func slips(length int) int {
	switch {
	case length <= 5:
		return 1
	case length <= 7:
		return 2
	}
	return 3
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to get from a to b (optimal string alignment).
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replaced := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			rows[i][j] = min(replaced, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
