/**
 * API keys in Spring Boot and Spring Security: auto-configuration, authentication by key, management endpoints, health.
 */
@NullMarked
package dev.apikeys.spring;

import org.jspecify.annotations.NullMarked;
