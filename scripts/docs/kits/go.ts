/** A web application in Go, with coreos/go-oidc and x/oauth2, for the quickstarts. Pure; never includes secrets. */
import { baseOf, type CodeFacts, type Kit, pathOf } from '../../../src/console/pages/applications/kits/kit.js';

const main = (facts: CodeFacts) => `package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"html"
	"log"
	"net/http"
	"net/url"
	"os"

	"github.com/alexedwards/scs/v2"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	issuer = "${facts.origin}/"
	base   = "${baseOf(facts)}"
)

var (
	sessions = scs.New() // In memory: give it a store where several processes run.
	provider *oidc.Provider
	config   oauth2.Config
)

// Links of invitations lead here, with the organization and the invitation.
func login(w http.ResponseWriter, r *http.Request) {
	state, nonce, verifier := rand.Text(), rand.Text(), oauth2.GenerateVerifier()
	sessions.Put(r.Context(), "state", state)
	sessions.Put(r.Context(), "nonce", nonce)
	sessions.Put(r.Context(), "verifier", verifier)
	options := []oauth2.AuthCodeOption{oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)}
	for _, name := range []string{"organization", "invitation"} {
		if value := r.URL.Query().Get(name); value != "" {
			options = append(options, oauth2.SetAuthURLParam(name, value))
		}
	}
	http.Redirect(w, r, config.AuthCodeURL(state, options...), http.StatusFound)
}

func callback(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	state := sessions.PopString(r.Context(), "state")
	nonce := sessions.PopString(r.Context(), "nonce")
	verifier := sessions.PopString(r.Context(), "verifier")
	if state == "" || query.Get("state") != state {
		http.Error(w, "This sign-in began in another window. Begin again.", http.StatusBadRequest)
		return
	}
	if query.Has("error") {
		// Somebody who is refused reads why, and the reference to quote.
		http.Error(w, query.Get("error_description")+"\\nReference: "+query.Get("error_reference"), http.StatusForbidden)
		return
	}
	idToken, email, err := exchange(r.Context(), query.Get("code"), nonce, verifier)
	if err != nil {
		log.Print(err)
		http.Error(w, "The sign-in failed. Begin again.", http.StatusBadGateway)
		return
	}
	// Attack: session fixation. The session gets a new id with the sign-in.
	if err := sessions.RenewToken(r.Context()); err != nil {
		log.Print(err)
		http.Error(w, "The sign-in failed. Begin again.", http.StatusInternalServerError)
		return
	}
	sessions.Put(r.Context(), "id_token", idToken)
	sessions.Put(r.Context(), "email", email)
	http.Redirect(w, r, "/", http.StatusFound)
}

func exchange(ctx context.Context, code, nonce, verifier string) (idToken, email string, err error) {
	tokens, err := config.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return "", "", err
	}
	idToken, _ = tokens.Extra("id_token").(string)
	verified, err := provider.Verifier(&oidc.Config{ClientID: config.ClientID}).Verify(ctx, idToken)
	if err != nil {
		return "", "", err
	}
	if verified.Nonce != nonce {
		return "", "", fmt.Errorf("the ID token belongs to another sign-in")
	}
	var claims struct {
		Email string \`json:"email"\`
	}
	return idToken, claims.Email, verified.Claims(&claims)
}

func logout(w http.ResponseWriter, r *http.Request) {
	query := url.Values{"client_id": {config.ClientID}, "post_logout_redirect_uri": {base}}
	if idToken := sessions.GetString(r.Context(), "id_token"); idToken != "" {
		query.Set("id_token_hint", idToken)
	}
	if err := sessions.Destroy(r.Context()); err != nil {
		log.Print(err)
	}
	http.Redirect(w, r, issuer+"oidc/logout?"+query.Encode(), http.StatusFound)
}

func home(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("content-type", "text/html; charset=utf-8")
	if email := sessions.GetString(r.Context(), "email"); email != "" {
		fmt.Fprintf(w, "%s <a href=\\"/logout\\">Sign out</a>", html.EscapeString(email))
	} else {
		fmt.Fprint(w, "<a href=\\"/login\\">Sign in</a>")
	}
}

func main() {
	var err error
	if provider, err = oidc.NewProvider(context.Background(), issuer); err != nil {
		log.Fatal(err)
	}
	config = oauth2.Config{
		ClientID:     "${facts.clientId}",
		ClientSecret: os.Getenv("CLIENT_SECRET"),
		Endpoint:     provider.Endpoint(),
		RedirectURL:  "${facts.callback}",
		Scopes:       []string{oidc.ScopeOpenID, "profile", "email"},
	}
	http.HandleFunc("/login", login)
	http.HandleFunc("${pathOf(facts)}", callback)
	http.HandleFunc("/logout", logout)
	http.HandleFunc("/{$}", home)
	log.Fatal(http.ListenAndServe("${new URL(baseOf(facts)).host}", sessions.LoadAndSave(http.DefaultServeMux)))
}
`;

export const GO: Kit = {
  name: 'Go',
  kinds: ['regular_web'],
  tried: 'Go 1.26.8, go-oidc 3.21.0, oauth2 0.38.0, scs 2.9.0',
  callbackPath: '/callback',
  isCallbackFixed: false,
  addresses: (facts) => ({ callback: facts.callback, logout: baseOf(facts), login: `${baseOf(facts)}/login` }),
  install: () =>
    'go mod init example.com/app\ngo get github.com/coreos/go-oidc/v3/oidc golang.org/x/oauth2 github.com/alexedwards/scs/v2',
  files: (facts) => [
    { name: 'main.go', text: main(facts) },
    { name: '.env', text: `# From the page of the application's credentials.\nCLIENT_SECRET=\n` },
  ],
  start: () => 'set -a\n. ./.env\nset +a\ngo run .',
  values: () => [],
};
