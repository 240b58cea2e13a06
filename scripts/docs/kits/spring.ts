/**
 * A web application with Spring Boot and Spring Security's OAuth2 client, for the quickstarts. Pure; never includes
 * secrets.
 */
import { baseOf, type CodeFacts, type Kit, portOf } from '../../../src/console/pages/applications/kits/kit.js';

const POM = `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId>
    <artifactId>spring-boot-starter-parent</artifactId>
    <version>4.1.2</version>
    <relativePath/>
  </parent>
  <groupId>com.example</groupId>
  <artifactId>app</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-webmvc</artifactId>
    </dependency>
    <dependency>
      <groupId>org.springframework.boot</groupId>
      <artifactId>spring-boot-starter-security-oauth2-client</artifactId>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.springframework.boot</groupId>
        <artifactId>spring-boot-maven-plugin</artifactId>
      </plugin>
    </plugins>
  </build>
</project>
`;

const settings = (facts: CodeFacts) => `server:
  port: ${portOf(facts)}
spring:
  config:
    import: file:.env[.properties]
  security:
    oauth2:
      client:
        registration:
          vestibule:
            client-id: ${facts.clientId}
            client-secret: \${CLIENT_SECRET}
            redirect-uri: ${facts.callback}
            scope: openid, profile, email
        provider:
          vestibule:
            issuer-uri: ${facts.origin}/
`;

const APP = `package com.example.app;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultOAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestCustomizers;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.util.HtmlUtils;

@SpringBootApplication
@RestController
public class App {
  public static void main(String[] arguments) {
    SpringApplication.run(App.class, arguments);
  }

  @GetMapping("/")
  String home(@AuthenticationPrincipal OidcUser user, CsrfToken csrf) {
    if (user == null) return "<a href='/oauth2/authorization/vestibule'>Sign in</a>";
    return """
        %s
        <form action="/logout" method="post">
          <input type="hidden" name="%s" value="%s">
          <button>Sign out</button>
        </form>
        """.formatted(HtmlUtils.htmlEscape(user.getEmail()), csrf.getParameterName(), csrf.getToken());
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http, ClientRegistrationRepository clients) throws Exception {
    var requests = new DefaultOAuth2AuthorizationRequestResolver(clients, "/oauth2/authorization");
    requests.setAuthorizationRequestCustomizer(
        OAuth2AuthorizationRequestCustomizers.withPkce().andThen(App::handOn));
    var signOut = new OidcClientInitiatedLogoutSuccessHandler(clients);
    signOut.setPostLogoutRedirectUri("{baseUrl}");
    return http
        .authorizeHttpRequests(rules -> rules.requestMatchers("/").permitAll().anyRequest().authenticated())
        .oauth2Login(login -> login
            .authorizationEndpoint(endpoint -> endpoint.authorizationRequestResolver(requests))
            .defaultSuccessUrl("/", true)
            .failureHandler(App::refuse))
        .logout(logout -> logout.logoutSuccessHandler(signOut))
        .build();
  }

  /** Links of invitations lead to /oauth2/authorization/vestibule, with the organization and the invitation. */
  private static void handOn(OAuth2AuthorizationRequest.Builder sent) {
    var request = ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
    sent.additionalParameters(parameters -> {
      for (var name : new String[] {"organization", "invitation"})
        if (request.getParameter(name) != null) parameters.put(name, request.getParameter(name));
    });
  }

  /** Somebody who is refused reads why, and the reference to quote. */
  private static void refuse(HttpServletRequest request, HttpServletResponse response, AuthenticationException error)
      throws IOException {
    var why = error instanceof OAuth2AuthenticationException refusal && refusal.getError().getDescription() != null
        ? refusal.getError().getDescription()
        : "The sign-in failed. Begin again.";
    var reference = request.getParameter("error_reference");
    response.setStatus(HttpServletResponse.SC_FORBIDDEN);
    response.setContentType("text/plain;charset=UTF-8");
    response.getWriter().print(reference == null ? why : why + "\\nReference: " + reference);
  }
}
`;

const LOGIN = '/oauth2/authorization/vestibule';

export const SPRING: Kit = {
  name: 'Spring Boot',
  kinds: ['regular_web'],
  tried: 'Spring Boot 4.1.2, Java 17.0.15, Maven 3.8.7',
  callbackPath: '/login/oauth2/code/vestibule',
  isCallbackFixed: true,
  addresses: (facts) => ({ callback: facts.callback, logout: baseOf(facts), login: `${baseOf(facts)}${LOGIN}` }),
  install: () => '',
  files: (facts) => [
    { name: 'pom.xml', text: POM },
    { name: 'src/main/resources/application.yml', text: settings(facts) },
    { name: 'src/main/java/com/example/app/App.java', text: APP },
    { name: '.env', text: `# From the page of the application's credentials.\nCLIENT_SECRET=\n` },
  ],
  start: () => 'mvn spring-boot:run',
  values: () => [],
};
